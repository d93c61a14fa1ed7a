import Foundation
import Glibc
import Testing

@testable import bench

/// Every connection and every message is accounted for, exactly, whatever the server does to it.
@Suite(.timeLimit(.minutes(5)))
struct WebSocketLoadTests {
  typealias Connections = WebSocketRecord.Connections
  typealias Result = WebSocketRecord.Result

  /// Runs against a server with this script, and checks what holds for every run.
  private func measure(
    _ arguments: String..., script: @escaping @Sendable (Int) -> FaultWebSocket.Step
  ) throws -> (record: WebSocketRecord, output: BenchProcess.Output) {
    let server = try FaultWebSocket.start(script: script)
    defer { server.stop() }
    let file = try TemporaryFile()
    let path = file.path
    let output = try BenchProcess.run(["ws", "--json", path, server.url] + arguments)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let record = try JSONDecoder().decode(WebSocketRecord.self, from: data)
    #expect(!server.hasSeenUnmasked)
    let (result, connections) = (record.result, record.connections)
    #expect(connections.achieved + connections.failed == connections.wanted)
    #expect(result.expected == result.received + result.missing + result.mismatched)
    let isFine =
      result == Result(expected: result.expected, received: result.received)
      && result.missing == 0 && connections.failed + connections.lost == 0
    #expect(output.status == (isFine ? 0 : 1))
    return (record, output)
  }

  @Test(arguments: [FaultWebSocket.Step.answer, .drip])
  func countsEchoes(_ step: FaultWebSocket.Step) throws {
    let run = try measure("-c4", "-n100", "--in-flight", "3") { _ in step }
    #expect(run.record.kind == "ws-echo")
    #expect(run.record.connections == Connections(wanted: 4, achieved: 4))
    #expect(run.record.result == Result(expected: 100, received: 100))
    #expect(run.output.text.contains("\nComplete messages:      100\n"))
    #expect(run.output.text.contains("\nReach:                  100.000 % of 100 expected\n"))
  }

  @Test func answersEveryPing() throws {
    let server = try FaultWebSocket.start { _ in .drip }
    defer { server.stop() }
    #expect(try BenchProcess.run("-n10", server.url).status == 0)
    // The close frame was answered after all of them: the server has read them.
    #expect(server.pongs == 10)
  }

  @Test(arguments: ["24", "125", "126", "65535"])
  func sendsMessagesOfAnySize(_ size: String) throws {
    let run = try measure("-c2", "-n10", "--size", size, "--in-flight", "5") { _ in .answer }
    #expect(run.record.result == Result(expected: 10, received: 10))
  }

  @Test func seesWhatComesTwice() throws {
    let run = try measure("-n20", "--in-flight", "4") { $0 % 5 == 0 ? .twice : .answer }
    // The last one's second copy may arrive when the client no longer looks.
    #expect([3, 4].contains(run.record.result.duplicates))
    #expect(run.record.result.received == 20)
  }

  @Test func seesWhatComesOutOfOrder() throws {
    let run = try measure("-n20", "--in-flight", "4") {
      $0 % 5 == 0 && $0 < 20 ? .behindTheNext : .answer
    }
    #expect(run.record.result == Result(expected: 20, received: 20, outOfOrder: 3))
  }

  @Test func seesWhatComesBackChanged() throws {
    let run = try measure("-n20") { $0 % 5 == 0 ? .corrupt : .answer }
    #expect(run.record.result == Result(expected: 20, received: 16, mismatched: 4))
    #expect(
      run.output.text.contains("   (Missing: 0, Duplicates: 0, Out of order: 0, Mismatched: 4)\n"))
  }

  /// The same bytes, but not the same message (RFC 6455 section 5.6).
  @Test func seesWhatComesBackAsText() throws {
    let run = try measure("-n20") { $0 % 5 == 0 ? .asText : .answer }
    #expect(run.record.result == Result(expected: 20, received: 16, mismatched: 4))
  }

  @Test func givesUpWhoWaitsTooLong() throws {
    let run = try measure("-n20", "-c2", "-s", "1") { $0 == 5 ? .swallow : .answer }
    #expect(run.record.result == Result(expected: 20, received: 19, missing: 1))
    #expect(
      run.record.connections
        == Connections(wanted: 2, achieved: 2, lost: 1, closeCodes: ["1006": 1]))
  }

  @Test(arguments: [
    (FaultWebSocket.Step.close(1011), "1011"), (.drop, "1006"), (.bytes([0x88, 0]), "1005"),
    // Codes that no endpoint may send, one byte, and a reason that is not UTF-8 (section 5.5.1).
    (.close(1006), "1002"), (.close(999), "1002"), (.close(5000), "1002"),
    (.bytes([0x88, 1, 3]), "1002"), (.bytes([0x88, 3, 3, 0xE8, 0xFF]), "1002"),
    (.bytes([0x81, 0x85]), "1002"), (.bytes([0xC1, 0]), "1002"),
  ])
  func countsLostConnectionsByCode(_ step: FaultWebSocket.Step, _ code: String) throws {
    let run = try measure("-n10", "-c2") { $0 == 3 ? step : .answer }
    #expect(
      run.record.connections
        == Connections(wanted: 2, achieved: 2, lost: 1, closeCodes: [code: 1]))
    #expect(run.record.result == Result(expected: 10, received: 9, missing: 1))
    #expect(run.output.text.contains("   (by close code: \(code): 1)\n"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func printsTheReportSoFarWhenInterrupted(_ signal: Int32) throws {
    let server = try FaultWebSocket.start { $0 <= 2 ? .answer : .swallow }
    defer { server.stop() }
    let process = try BenchProcess("-n100", server.url)
    server.waitForMessages(3)
    process.send(signal: signal)
    let output = try process.finish()
    #expect(output.status == 0)
    #expect(output.text.contains("\nComplete messages:      2\n"))
    #expect(output.text.contains("\nUnfinished messages:    1 (on their way when the run ended)\n"))
  }

  @Test func tellsWhenTheFirstAndTheLastHaveABroadcast() throws {
    let run = try measure("--broadcast", "-c10", "-n7") { _ in .answer }
    #expect(run.record.kind == "ws-broadcast")
    #expect(run.record.connections == Connections(wanted: 10, achieved: 10))
    #expect(run.record.result == Result(expected: 70, received: 70))
    let names = ["first", "median", "last"]
    let medians = names.compactMap { run.record.times[$0]?["median"] }
    #expect(medians.count == 3 && medians == medians.sorted())
    #expect(run.output.text.contains("\nComplete broadcasts:    7\n"))
  }

  @Test func seesWhoDoesNotGetABroadcast() throws {
    let run = try measure("--broadcast", "-c10", "-n3", "-s", "1") { number in
      number == 2 ? .leaveOut(4) : .answer
    }
    #expect(run.record.result == Result(expected: 30, received: 26, missing: 4))
    #expect(run.output.text.contains("\nReach:                  86.667 % of 30 expected\n"))
  }

  @Test func seesABroadcastThatComesTwice() throws {
    let run = try measure("--broadcast", "-c10", "-n3") { $0 == 2 ? .twice : .answer }
    // The second copies arrive after the first ones: before the next broadcast, or as the one
    // before it.
    #expect(run.record.result.duplicates + run.record.result.outOfOrder == 10)
    #expect(run.record.result.received == 30)
  }
}
