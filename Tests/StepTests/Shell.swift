import Foundation

/// Runs a command to its end.
struct Shell {
  let output: String
  let status: Int32

  init(_ words: [String], variables: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = Step.root
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}

/// Compiles each thing once, and keeps it as long as its sources stay the same.
enum Workbench {
  static let folder = Step.root.appending(path: ".build/steps")
  private static let mode = [
    "-swift-version", "6", "-enable-upcoming-feature", "NonisolatedNonsendingByDefault",
    "-parse-as-library", "-diagnostic-style", "llvm",
  ]

  private static let version = (try? Shell(["swiftc", "--version"]).output) ?? ""

  struct Product: Sendable {
    let folder: URL
    let diagnostics: String
    var program: URL { folder.appending(path: "program") }
    var sources: URL { folder.appending(path: "sources") }
    var isComplete: Bool { FileManager.default.fileExists(atPath: program.path) }
  }

  /// A program of a step, as the runner compiles a reader's.
  static func program(_ files: [String: URL], flags: [String] = []) throws -> Product {
    try product("program", files, flags) { folder in
      var words = mode + ["-module-name", "Server"] + flags
      if files.keys.contains("CLinux/module.modulemap") {
        words += ["-I", folder.appending(path: "sources/CLinux").path]
      }
      let paths = files.keys.filter { $0.hasSuffix(".swift") }.sorted()
      return words + paths.map { folder.appending(path: "sources/\($0)").path }
    }
  }

  static func check(_ step: Step) throws -> Product {
    let kit = kit.folder.path
    return try product("check", ["Check.swift": step.check], [kit]) { folder in
      mode + [
        "-wmo", "-module-name", "Exercise", "-I", kit, "-L", kit, "-lKit",
        folder.appending(path: "sources/Check.swift").path,
      ]
    }
  }

  static let kit: Product = {
    let root = Step.root.appending(path: "Workshop/Kit")
    let files = Step.files(below: root).map { ($0, root.appending(path: $0)) }
    let product = try? Self.product("kit", Dictionary(uniqueKeysWithValues: files), []) { folder in
      let module = folder.appending(path: "Kit.swiftmodule").path
      let paths = files.map { folder.appending(path: "sources/\($0.0)").path }
      return mode + [
        "-wmo", "-emit-library", "-static", "-emit-module", "-module-name", "Kit",
        "-emit-module-path", module,
      ] + paths
    }
    guard let product, product.isComplete else { fatalError("the kit does not compile") }
    let library = product.folder.appending(path: "libKit.a")
    try? FileManager.default.copyItem(at: product.program, to: library)
    return product
  }()

  private static func product(
    _ kind: String, _ files: [String: URL], _ flags: [String],
    _ words: (_ folder: URL) -> [String]
  ) throws -> Product {
    let name = "\(kind)-\(try fingerprint(files, flags))"
    let (result, manager) = (folder.appending(path: name), FileManager.default)
    let log = result.appending(path: "log")
    if let text = try? String(contentsOf: log, encoding: .utf8) {
      return Product(folder: result, diagnostics: text)
    }
    for (path, url) in files {
      let copy = result.appending(path: "sources/\(path)")
      try manager.createDirectory(
        at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
      try? manager.removeItem(at: copy)
      try manager.copyItem(at: url, to: copy)
    }
    let output = result.appending(path: "program-\(UUID().uuidString)")
    let shell = try Shell(["swiftc", "-o", output.path] + words(result))
    rename(output.path, result.appending(path: "program").path)
    try shell.output.write(to: log, atomically: true, encoding: .utf8)
    return Product(folder: result, diagnostics: shell.output)
  }

  /// FNV-1a of all that the result depends on.
  private static func fingerprint(_ files: [String: URL], _ flags: [String]) throws -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (path, url) in files.sorted(by: { $0.key < $1.key }) {
      for byte in Data(path.utf8) + (try Data(contentsOf: url)) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
    }
    for byte in (flags + mode + [version]).joined(separator: " ").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
