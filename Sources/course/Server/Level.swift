import Foundation

/// A level of the ladder that a server in any language can climb: a check like a step's.
struct Level: Sendable, CustomStringConvertible {
  /// `keep-alive`
  let name: String
  let number: Int
  /// The level's own check, and what all levels share.
  let sources: [URL]

  var description: String { "\(number) \(name)" }

  /// The levels in the folders `1-hello`, `2-pieces` and so on, in order.
  static func all(in folder: URL) throws -> [Level] {
    let names = try Files.names(in: folder)
    let shared = names.filter { $0.hasSuffix(".swift") }.map { folder.appending(path: $0) }
    return try names.compactMap { name in
      let check = folder.appending(path: "\(name)/Check.swift")
      guard let number = Int(name.prefix { $0 != "-" }), try Files.exists(check) else { return nil }
      let title = String(name.drop { $0 != "-" }.dropFirst())
      return Level(name: title, number: number, sources: shared + [check])
    }
  }
}
