import Foundation

/// The reader's own program, in `MyServer/`, which git ignores.
struct MyServer {
  static let name = "MyServer"
  private static let backups = "Backup"

  let folder: URL

  init(_ workshop: Workshop) { folder = workshop.root.appending(path: Self.name) }

  /// Whether there is a program: at least one Swift file.
  var isEmpty: Bool { get throws { try sources().isEmpty } }

  /// The Swift files, in the folder itself or deeper, except for backups.
  func sources() throws -> [URL] {
    try Self.sources(in: folder)
  }

  /// The Swift files of a program in any folder.
  static func sources(in folder: URL) throws -> [URL] {
    try Files.tree(folder) { $0 == backups || $0 == "Package.swift" }
      .filter { $0.hasSuffix(".swift") }.map { folder.appending(path: $0) }
  }

  /// The files that make up the program, as paths within the folder: what `take` replaces.
  func program() throws -> [String] {
    try Files.tree(folder) { $0 == Self.backups || $0 == "Package.swift" }
      .filter { $0.hasSuffix(".swift") || $0.hasPrefix("CLinux/") }
  }

  /// Creates an empty file to start with, if there is no program yet.
  func begin() throws {
    if try isEmpty { try Files.write([], to: folder.appending(path: "Server.swift")) }
  }

  /// Puts another program there, and keeps the old one.
  /// - Returns: the folder with the backup; `nil` if there was nothing to keep.
  func replace(with program: [String: URL], before step: Step) throws -> URL? {
    // Everything is read before anything is moved, so that a file that cannot be read does not cost
    // readers their program.
    let new = try program.mapValues { try Files.bytes(of: $0) }
    let backup = try putAway("before-\(step.number)")
    for (path, bytes) in new { try Files.write(bytes, to: folder.appending(path: path)) }
    return backup
  }

  private func putAway(_ name: String) throws -> URL? {
    let files = try program()
    if try files.allSatisfy({ try Files.bytes(of: folder.appending(path: $0)).isEmpty }) {
      return nil
    }
    let backup = try Files.unused { number in
      folder.appending(path: "\(Self.backups)/\(name)-\(number)")
    }
    for path in files {
      try Files.move(folder.appending(path: path), to: backup.appending(path: path))
    }
    return backup
  }
}
