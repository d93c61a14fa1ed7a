import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite struct SessionTests {
  @Test("A client that expects 100 Continue gets it once, before it sends its body")
  func expectContinue() {
    let peer = Peer()
    peer.send(get("Expect: 100-continue", "Content-Length: 2"))
    #expect(peer.replies() == ["100"])
    peer.send("a")
    #expect(peer.replies() == [])
    peer.send("b" + get())
    #expect(peer.replies() == ["200 Hello", "200 Hello"])
  }

  @Test("A client that already started to send its body gets no 100 Continue")
  func expectNothing() {
    let peer = Peer()
    peer.send(get("Expect: 100-continue", "Content-Length: 2") + "a")
    #expect(peer.replies() == [])
    peer.send("b")
    #expect(peer.replies() == ["200 Hello"])
  }

  /// RFC 9110 section 10.1.1: the final status, if the header section already determines it.
  @Test(
    "A client that expects 100 Continue is told at once that its request fails",
    arguments: [
      ("POST / HTTP/1.1", "405 close"), ("POST /no HTTP/1.1", "404 close"),
      ("GET /ws HTTP/1.1", "426 Upgrade"), ("GET /?delay=soon HTTP/1.1", "400 close"),
    ])
  func expectInVain(_ requestLine: String, _ reply: String) {
    for body in ["", "a", "ab" + get()] {
      let peer = Peer()
      let fields = ["Host: h", "Expect: 100-continue", "Content-Length: 2"]
      peer.send(head(requestLine, fields) + body)
      #expect(peer.replies() == [reply])
      #expect(peer.orders == ["half-close"], "the server cannot know whether the body follows")
    }
  }

  @Test(
    "The answers to pipelined commands are written together, and each byte is moved only a few times"
  )
  func commandPipeline() {
    let peer = Peer()
    peer.send(upgrade("/ws"))
    _ = peer.replies()
    let writes = peer.writes.count
    let count = 1000
    peer.send(Array(repeatElement(frame(.text, "broadcast"), count: count).joined()))
    #expect(peer.replies() == Array(repeating: "text Hello from client 7", count: count))
    #expect(peer.writes.count - writes <= count * 26 / Session.held + 1)
    #expect(peer.kept.capacity == 0)
  }

  @Test("Answers and a client's own messages stay in order, however they are written")
  func commandOrder() {
    let peer = Peer()
    peer.send(upgrade("/ws"))
    _ = peer.replies()
    peer.send(
      ["whoami", "broadcast", "a", "send 7 b", "send 9 c", "d"].flatMap { frame(.text, $0) }
        + frame(.ping, "p") + closeFrame(1000))
    #expect(
      peer.replies() == [
        "text You are client 7", "text Hello from client 7", "text Echo: a",
        "text From client 7: b", "text No client 9", "text Echo: d", "pong p", "close 1000",
      ])
  }

  @Test("A refused request gets no 100 Continue")
  func expectRefused() {
    let peer = Peer()
    peer.send(post("Expect: 100-continue", "Content-Length: 1048577"))
    #expect(peer.replies() == ["413 close"])
  }

  @Test(
    "A client that has finished sending is still answered",
    arguments: [
      (get(), ["200 Hello"]), (get() + get(), ["200 Hello", "200 Hello"]),
      (line("GET /?delay=1s HTTP/1.1"), ["200 Hello"]),
      (post("Content-Length: 2") + "ab", ["405"]),
    ])
  func halfClosed(_ input: String, _ replies: [String]) {
    let peer = Peer()
    peer.receive(bytes(input))
    peer.end()
    #expect(peer.replies() == replies)
    #expect(peer.orders.last == "finish")
  }

  @Test("A WebSocket client that has finished sending still gets its echo")
  func halfClosedWebSocket() {
    let peer = Peer()
    peer.receive(bytes(upgrade("/echo")) + frame(.text, "hi"))
    peer.end()
    #expect(peer.replies() == ["101 Upgrade \(accept)", "text hi"])
    #expect(peer.orders == ["finish"])
  }

  @Test("After the last response the writing side closes first, and then the connection")
  func halfClose() {
    for rest in ["", "G", get()] {
      let peer = Peer()
      peer.send(get("Connection: close") + rest)
      #expect(peer.orders == ["half-close"])
      peer.send("more, to which a closed socket would respond with a reset")
      #expect(peer.orders == ["half-close"])
      peer.end()
      #expect(peer.orders == ["half-close", "finish"])
    }
    let webSocket = Peer()
    webSocket.send(bytes(upgrade("/echo")) + closeFrame(1000) + [0x81])
    #expect(webSocket.orders == ["half-close"])
    let clean = Peer()
    clean.send(bytes(upgrade("/echo")) + closeFrame(1000))
    #expect(clean.orders == ["finish"], "after both Close frames nothing can follow")
  }

  @Test("Pipelined answers are batched, and no batch grows with the pipeline")
  func batches() {
    let one = Peer()
    one.send(get())
    let answer = one.output.count
    let peer = Peer()
    let count = 100_000
    peer.send(Array(repeatElement(bytes(get()), count: count).joined()))
    #expect(peer.output.count == count * answer)
    #expect(peer.writes.max() ?? 0 < Session.batch + answer)
    let perWrite = (Session.batch + answer - 1) / answer
    #expect(peer.writes.count == (count + perWrite - 1) / perWrite)
    #expect(peer.kept.capacity == 0)
  }

  @Test("Answers that fit into one batch are one write")
  func oneWrite() {
    let peer = Peer()
    peer.send(get() + get() + line("GET /no HTTP/1.1"))
    #expect(peer.writes.count == 1)
  }

  @Test("An idle connection holds no buffers")
  func idleMemory() {
    let peer = Peer()
    peer.send(get())
    #expect(peer.kept.capacity == 0)
    peer.send(post("Transfer-Encoding: chunked") + "5\r\nhe")
    #expect(peer.kept.capacity == 0, "a body is not kept")
    peer.send("llo\r\n0\r\n\r\n" + upgrade("/ws"))
    #expect(peer.kept.capacity == 0)
    peer.send(frame(.text, "hi") + frame(.text, [], isFinal: false) + frame(.ping, ""))
    #expect(peer.kept.capacity == 0)
    peer.send(frame(.continuation, String(repeating: "x", count: 70_000)))
    #expect(peer.kept.capacity == 0)
  }

  @Test("The memory for a message is bounded by its payload")
  func messageMemory() {
    let peer = Peer { $0.maxMessage = 1 << 20 }
    peer.send(upgrade("/echo"))
    let part = [UInt8](repeating: 1, count: 100)
    peer.send(frame(.binary, [], isFinal: false))
    for count in 1...1000 {
      peer.send(frame(.continuation, part, isFinal: false) + frame(.ping, "p"))
      #expect(peer.kept.count == count * part.count, "no header is kept")
    }
    _ = peer.replies()
    peer.send(frame(.continuation, []))
    #expect(peer.writes.last == 10 + 1000 * part.count)
    #expect(peer.kept.capacity == 0)
  }
}

@Suite struct StatsTests {
  private static func stats(_ service: HelloService) -> String {
    let peer = Peer(service)
    peer.send(line("GET /stats HTTP/1.1"))
    return text(peer.output)
  }

  @Test("Connections, requests and messages are counted; a closed connection is no longer counted")
  func counts() throws {
    let service = HelloService(name: "test", options: ServerOptions())
    var peers = (0..<3).map { _ in Peer(service) }
    peers[0].send(get() + "bad\r\n\r\n")
    peers[1].send(
      bytes(upgrade("/ws")) + frame(.text, "whoami") + frame(.ping, "") + closeFrame(1000))
    // Three connections and the one that asks; two requests and an upgrade; one message.
    #expect(
      Self.stats(service).contains(
        #""connectionsOpen": 4, "requestsServed": 3, "messagesServed": 1,"#))
    peers.removeAll()
    #expect(
      Self.stats(service).contains(
        #""connectionsOpen": 1, "requestsServed": 4, "messagesServed": 1,"#))
  }

  @Test("The statistics are JSON and name the server")
  func json() throws {
    let answer = Self.stats(HelloService(name: "test", options: ServerOptions()))
    let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
    #expect(parts[0].contains("Content-Type: application/json"))
    #expect(parts[0].hasSuffix("Content-Length: \(parts[1].utf8.count)"))
    let shape =
      /\{"server": "test", "connectionsOpen": 1, "requestsServed": 0, "messagesServed": 0, "uptimeSeconds": \d+\.\d\}\n/
    #expect(parts[1].wholeMatch(of: shape) != nil)
  }
}
