import Foundation

/// Files and folders by path, with errors that a reader understands (``FileError``).
enum Files {
  /// Returns whether there is anything at this path. Only "no such file" means no; a folder that
  /// may not be searched is an error.
  static func exists(_ file: URL) throws -> Bool {
    var status = stat()
    if stat(file.path, &status) == 0 { return true }
    if errno == ENOENT || errno == ENOTDIR { return false }
    throw FileError("look at", file.path)
  }

  static func isFolder(_ file: URL) -> Bool {
    var status = stat()
    return stat(file.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func isLink(_ file: URL) -> Bool {
    var status = stat()
    return lstat(file.path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  static func bytes(of file: URL) throws -> [UInt8] {
    // Non-blocking, because a named pipe must not stop us.
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor == -1 { throw FileError("read", file.path) }
    defer { close(descriptor) }
    var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 64 * 1024))
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count > 0 { bytes += chunk[..<count] }
      if count == -1 && errno != EINTR { throw FileError("read", file.path) }
    }
  }

  /// The text of a file, with each line ended by a single `\n`: a checkout on Windows may have
  /// `\r\n`.
  static func text(of file: URL) throws -> String {
    let bytes = try bytes(of: file)
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw CourseError("\(file.path) is not UTF-8; save it again in that encoding")
    }
    return text(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
  }

  /// Text with `\n` alone at the end of each line.
  static func text(_ bytes: [UInt8]) -> String {
    var text = bytes
    text.removeAll { $0 == UInt8(ascii: "\r") }
    return String(decoding: text, as: UTF8.self)
  }

  /// Writes a new file next to it and renames that one, so that a full disk or a crash leaves the
  /// old one as it was.
  static func write(_ bytes: some Collection<UInt8>, to link: URL) throws {
    // The file itself, because a reader may keep it elsewhere, with a symbolic link here.
    let file = link.resolvingSymlinksInPath()
    let folder = file.deletingLastPathComponent()
    try makeFolder(folder)
    let temporary = folder.appending(path: ".\(file.lastPathComponent).\(getpid())")
    do {
      try create(temporary, Array(bytes))
      guard rename(temporary.path, file.path) == 0 else { throw FileError("write", file.path) }
    } catch let error as FileError {
      unlink(temporary.path)
      throw FileError("write", file.path, error.code)
    }
  }

  private static func create(_ file: URL, _ bytes: [UInt8]) throws {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor == -1 { throw FileError("write", file.path) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count == -1 && errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        throw FileError("write", file.path, code)
      }
      rest.removeFirst(count)
    }
    // Some file systems report a full disk only here.
    if close(descriptor) == -1 { throw FileError("write", file.path) }
  }

  /// Creates the folder and all folders above it.
  static func makeFolder(_ folder: URL) throws {
    if mkdir(folder.path, 0o777) == 0 || isFolder(folder) { return }
    guard errno == ENOENT || errno == ENOTDIR else { throw FileError("make", folder.path) }
    let parent = folder.deletingLastPathComponent()
    if parent.path == folder.path { throw FileError("make", folder.path) }
    try makeFolder(parent)
    guard mkdir(folder.path, 0o777) == 0 || isFolder(folder) else {
      throw FileError("make", folder.path)
    }
  }

  /// Holds a lock on a folder (flock(2)) during the body.
  static func locked(_ folder: URL, _ body: () throws -> Void) throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor == -1 { throw FileError("read", folder.path) }
    defer { close(descriptor) }
    // Some network file systems have no locks for folders, and then the body runs without one.
    while flock(descriptor, LOCK_EX) == -1 && errno == EINTR {}
    try body()
  }

  static func copy(_ file: URL, to target: URL) throws { try write(bytes(of: file), to: target) }

  /// Moves a file, and creates the folder that it goes to.
  static func move(_ file: URL, to target: URL) throws {
    try makeFolder(target.deletingLastPathComponent())
    guard rename(file.path, target.path) == 0 else { throw FileError("move", file.path) }
  }

  /// Seconds since 1970; 0 if there is no such file.
  static func modification(of file: URL) -> Int {
    var status = stat()
    return stat(file.path, &status) == 0 ? status.st_mtim.tv_sec : 0
  }

  /// The first of the paths for 1, 2, 3 and so on that is free.
  static func unused(_ path: (Int) -> URL) throws -> URL {
    var number = 1
    while try exists(path(number)) { number += 1 }
    return path(number)
  }

  /// The names in a folder, sorted; none if there is no such folder.
  static func names(in folder: URL) throws -> [String] {
    guard let stream = opendir(folder.path) else {
      if errno == ENOENT { return [] }
      throw FileError("read", folder.path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// All files below a folder, as paths relative to it, without hidden ones. Links to folders are
  /// not followed, because they may form a cycle.
  /// - Parameter isLeftOut: returns whether a name at the top level is skipped.
  static func tree(
    _ folder: URL, without isLeftOut: (String) -> Bool = { _ in false }
  ) throws -> [String] {
    try names(in: folder).filter { !$0.hasPrefix(".") && !isLeftOut($0) }.flatMap { name in
      let file = folder.appending(path: name)
      guard isFolder(file) else { return [name] }
      return isLink(file) ? [] : try tree(file).map { "\(name)/\($0)" }
    }
  }
}
