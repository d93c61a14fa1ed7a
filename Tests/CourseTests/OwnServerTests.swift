import Foundation
import Testing

@testable import course

/// `course check --server`: the servers' own tests against another program.
@Suite struct OwnServerTests {
  private func outcome(_ filter: String, of server: String) throws -> TestOutcome {
    let path = Sandbox.products.appending(path: server).path
    return try ConformanceCommand(command: path, as: "03", Variant.workshop).outcome(
      of: filter, URL(filePath: CommandLine.arguments[0]),
      in: Variant.workshop.build)
  }

  @Test func `a correct server passes`() throws {
    let outcome = try outcome("RouteTests", of: "03-Epoll")
    #expect(outcome.tests.count == 8)
    #expect(outcome.failures == 0, "\(outcome.text(.plain))")
  }

  @Test func `a server that serves one client at a time does not pass as chapter 3`() throws {
    let outcome = try outcome("CapacityTests", of: "01-Sequential")
    let text = outcome.text(.plain)
    #expect(text.contains("✗ clients that keep their connections open do not make the others wait"))
    #expect(outcome.failures >= 1)
  }

  @Test func `a program that does not start fails`() throws {
    let outcome = try outcome("RouteTests/GET / answers Hello", of: "no-such-server")
    #expect(outcome.failures == 1)
    #expect(outcome.text(.plain).contains("did not print a line with 'listening on'"))
  }

  @Test func `a test that started and never ended has failed`() throws {
    let folder = try TemporaryFolder(in: Variant.workshop.build)
    let record = folder.url.appending(path: "record")
    let id = "ConformanceTests.RouteTests/waits()"
    try """
    {"kind": "test", "payload": {"kind": "function", "id": "\(id)"}}
    {"kind": "event", "payload": {"kind": "testStarted", "testID": "\(id)"}}
    """.write(to: record, atomically: true, encoding: .utf8)
    let outcome = try TestOutcome(of: record)
    #expect(outcome.failures == 1)
    #expect(outcome.text(.plain).contains("It did not come to an end."))
  }
}
