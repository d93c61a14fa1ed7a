import Glibc
import Testing

/// A client that reads is never cut off, however much other clients send it and however much of its
/// own answers is still being sent.
@Suite struct SteadyReaderTests {
  @Test(arguments: FairnessTests.chapters)
  func `a burst of messages reaches a client that reads, however small its outbox is`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--outbox", "16KiB"])
    let (reader, sender) = (
      try server.connectWebSocket("/ws"), try server.connectWebSocket("/ws")
    )
    let id = try reader.askWhoAmI()
    let count = 200
    let text = String(repeating: "x", count: 500)
    // All of it has arrived when the server looks: one read holds six times what fits into the
    // outbox.
    try server.freeze()
    try sender.client.send(
      (1...count).flatMap { WebSocketFrame.text("send \(id) \($0) \(text)").encoded() })
    try sender.client.waitUntilDelivered()
    server.send(signal: SIGCONT)
    for number in 1...count {
      try #require(try reader.readText().hasSuffix(": \(number) \(text)"), "message \(number)")
    }
  }

  @Test(arguments: FairnessTests.chapters)
  func `an answer that is still being sent does not count against the outbox`(chapter: Chapter)
    throws
  {
    let server = try ServerProcess(
      chapter, ["--max-message", "16MiB", "--send-buffer", "64KiB", "--outbox", "64KiB"])
    let receiver = try WebSocketClient(Client(port: server.port, receiveBuffer: 4096))
    try receiver.handshake("/ws")
    let sender = try server.connectWebSocket("/ws")
    let (id, large) = (try receiver.askWhoAmI(), String(repeating: "x", count: 4 << 20))
    try receiver.send(large)
    // Its answer has started, and most of it is still waiting to be sent.
    #expect(receiver.client.hasInput(within: 10_000))
    for _ in 1...10 { try sender.send("send \(id) hi") }
    try sender.send("done")
    #expect(try sender.readText() == "Echo: done")
    let isComplete = try receiver.readText() == "Echo: " + large
    #expect(isComplete)
    for _ in 1...10 { #expect(try receiver.readText().hasSuffix(": hi")) }
  }
}
