import Foundation
import Testing

@testable import course

@Suite struct ProgramCacheTests {
  @Test func `a full cache drops the oldest programs, and none that may still be in use`() throws {
    let sandbox = try TemporaryFolder(in: Variant.workshop.build)
    let workshop = try Self.workshop(in: sandbox.url)
    let programs = workshop.build.appending(path: "Programs")
    let now = time(nil)
    // 30 programs of yesterday, and 90 that one long command asked for a few minutes ago.
    for number in 1...120 {
      let folder = programs.appending(path: "program-\(number)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let age = number <= 30 ? 86_400 : 600
      let times = timeval(tv_sec: now - age, tv_usec: 0)
      let pair = [times, times]
      #expect(utimes(folder.path, pair) == 0)
    }
    var fingerprint = Fingerprint()
    fingerprint.add("one more")
    _ = try ProgramCache(workshop).folder(for: fingerprint) { _ in }

    let left = Set(try Files.names(in: programs))
    #expect((31...120).allSatisfy { left.contains("program-\($0)") })
    #expect(left.count == 91)
  }

  private static func workshop(in root: URL) throws -> Workshop {
    let kit = root.appending(path: "Workshop/Kit")
    try FileManager.default.createDirectory(at: kit, withIntermediateDirectories: true)
    return try Workshop(root: root)
  }
}
