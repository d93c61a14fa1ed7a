import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// Default limits: 10 s for a header section, 60 s for a body, 5 s of idleness, 30 s of heartbeat, 2 s of linger.
@Suite struct DeadlineTests {
  @Test("A client that never sends anything is disconnected without an answer")
  func silent() {
    let peer = Peer()
    #expect(peer.patience == .seconds(10))
    peer.wait(.seconds(10) - .nanoseconds(1))
    #expect(!peer.hasFinished)
    peer.wait(.nanoseconds(1))
    #expect(peer.replies() == [])
    #expect(peer.orders == ["finish"])
  }

  @Test("The header section's deadline runs from its first byte")
  func headerBegins() {
    let peer = Peer()
    peer.wait(.seconds(9))
    peer.send("G")
    #expect(peer.patience == .seconds(10))
  }

  @Test("A request that arrives byte by byte gets 408 at the header deadline")
  func drip() {
    let peer = Peer()
    for byte in bytes("GET / HTTP/1.1\r\n").prefix(10) {
      peer.send([byte])
      peer.wait(.milliseconds(999))
    }
    #expect(peer.patience == .milliseconds(10))
    peer.wait(.milliseconds(10))
    #expect(peer.replies() == ["408 close"])
    #expect(peer.orders == ["half-close"])
  }

  @Test("Empty lines do not start a request: they extend no deadline and get no 408")
  func emptyLines() {
    let peer = Peer()
    peer.send(get())
    peer.wait(.seconds(4))
    for half in ["\r", "\n", "\r", "\n", "\r"] {
      peer.send(half)
      #expect(peer.patience == .seconds(1))
    }
    peer.wait(.seconds(1))
    #expect(peer.replies() == ["200 Hello"])
    #expect(peer.orders == ["finish"])
  }

  @Test("Between requests the idle timeout applies, counted from the last answer")
  func idle() {
    let peer = Peer()
    for _ in 0..<3 {
      peer.send(get())
      #expect(peer.patience == .seconds(5))
      peer.wait(.milliseconds(4999))
    }
    peer.wait(.milliseconds(1))
    #expect(peer.replies() == Array(repeating: "200 Hello", count: 3))
    #expect(peer.orders == ["finish"])
  }

  @Test("The header deadline of a second request also runs from its first byte")
  func secondHeader() {
    let peer = Peer()
    peer.send(get())
    peer.wait(.seconds(4))
    peer.send("GET")
    #expect(peer.patience == .seconds(10))
    peer.wait(.seconds(10))
    #expect(peer.replies() == ["200 Hello", "408 close"])
  }

  @Test("A body has its own deadline, which its bytes do not extend")
  func body() {
    let peer = Peer()
    peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n")
    peer.wait(.seconds(9))
    peer.send("\r\nhel")
    #expect(peer.patience == .seconds(60))
    peer.wait(.seconds(59))
    peer.send("l")
    #expect(peer.patience == .seconds(1))
    peer.wait(.seconds(1))
    #expect(peer.replies() == ["408 close"])
  }

  @Test("After the last answer a client that keeps sending is drained for two seconds")
  func linger() {
    let peer = Peer()
    peer.send("GET /\r\n")
    #expect(peer.orders == ["half-close"])
    #expect(peer.patience == .seconds(2))
    peer.wait(.seconds(1))
    peer.send(get())
    #expect(peer.patience == .seconds(1))
    #expect(peer.kept.isEmpty, "drained bytes are dropped")
    peer.wait(.seconds(1))
    #expect(peer.replies() == ["400 close"])
    #expect(peer.orders == ["half-close", "finish"])
  }

  @Test("A drained client that ends its stream is closed at once")
  func drained() {
    let peer = Peer()
    peer.send("GET /\r\n")
    peer.end()
    #expect(peer.orders == ["half-close", "finish"])
  }

  @Test("Every limit is an option")
  func options() {
    let peer = Peer {
      ($0.headerTimeout, $0.bodyTimeout) = (.seconds(1), .seconds(2))
      ($0.idleTimeout, $0.heartbeat) = (.seconds(3), .seconds(4))
    }
    #expect(peer.patience == .seconds(1))
    peer.send(get("Content-Length: 1"))
    #expect(peer.patience == .seconds(2))
    peer.send("x")
    #expect(peer.patience == .seconds(3))
    peer.send(upgrade("/echo"))
    #expect(peer.patience == .seconds(4))
  }
}

@Suite struct HeartbeatTests {
  private static func open() -> Peer {
    let peer = Peer()
    peer.send(upgrade("/echo"))
    _ = peer.replies()
    return peer
  }

  @Test("A silent WebSocket is pinged once, and closed if it stays silent")
  func silent() {
    let peer = Self.open()
    peer.wait(.seconds(30))
    #expect(peer.replies() == ["ping"])
    #expect(peer.patience == .seconds(30))
    peer.wait(.seconds(30))
    #expect(peer.replies() == [])
    #expect(peer.orders == ["finish"])
  }

  @Test("Any bytes show that the client is alive: a pong, a message, half a frame")
  func alive() {
    let peer = Self.open()
    for sign in [frame(.pong, ""), frame(.text, "hi"), [0x81]] {
      peer.wait(.seconds(30))
      peer.wait(.seconds(29))
      peer.send(sign)
      #expect(peer.patience == .seconds(30))
    }
    #expect(peer.replies() == ["ping", "ping", "text hi", "ping"])
    #expect(!peer.hasFinished)
  }

  @Test(
    "Bytes sent to a client do not show that it is alive")
  func messagesInBetween() {
    let peer = Self.open()
    peer.wait(.seconds(29))
    peer.session.enqueue(FrameEncoder.text("from another client"))
    peer.run()
    #expect(peer.replies() == ["text from another client"])
    #expect(peer.patience == .seconds(1))
  }
}
