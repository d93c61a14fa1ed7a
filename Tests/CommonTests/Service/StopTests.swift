import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite struct StopTests {
  @Test("A connection between requests ends at once", arguments: ["", "\r\n", get()])
  func idle(_ before: String) {
    let peer = Peer()
    peer.send(before)
    peer.stop()
    #expect(peer.orders == ["finish"])
  }

  @Test("Half a request may be finished, and its answer says close")
  func halfRequest() {
    let peer = Peer()
    peer.send("GET / HTTP/1.1\r\n")
    peer.stop()
    #expect(!peer.hasFinished)
    peer.send("Host: h\r\n\r\n")
    #expect(peer.replies() == ["200 close Hello"])
    // The client did not ask for the end, and may be sending its next request already.
    #expect(peer.orders == ["half-close"])
  }

  @Test("Half a request that never ends is still refused at its deadline")
  func endlessRequest() {
    let peer = Peer()
    peer.send("GET")
    peer.wait(.seconds(4))
    peer.stop()
    #expect(peer.patience == .seconds(6))
    peer.wait(.seconds(6))
    #expect(peer.replies() == ["408 close"])
  }

  @Test("A body may be finished, and its answer says close")
  func body() {
    let peer = Peer()
    peer.send(get("Content-Length: 5") + "hel")
    peer.stop()
    #expect(!peer.hasFinished)
    peer.send("lo")
    #expect(peer.replies() == ["200 close Hello"])
    // The client did not ask for the end, and may be sending its next request already.
    #expect(peer.orders == ["half-close"])
  }

  @Test("After a stop during a pause or a burn the answer is sent, with Connection: close")
  func pausing() {
    for path in ["/?delay=1s", "/burn?ms=1"] {
      let peer = Peer()
      peer.receive(bytes(line("GET \(path) HTTP/1.1")))
      let wait = peer.session.next(&peer.buffers)
      #expect(wait == .pause(.seconds(1)) || wait == .burn(.milliseconds(1)))
      peer.stop()
      #expect(peer.replies() == ["200 close Hello"])
      #expect(peer.orders == ["half-close"])
    }
  }

  @Test("At a stop there is one last read, and every whole request in it is answered")
  func pipeline() {
    for rest in ["", "GET", post("Content-Length: 5") + "hell"] {
      let peer = Peer()
      peer.session.stop()
      #expect(peer.session.next(&peer.buffers) == .read(until: Peer.start), "without waiting")
      peer.send(get() + line("POST /no HTTP/1.1") + get() + rest)
      #expect(peer.replies() == ["200 Hello", "404", "200 close Hello"])
      #expect(peer.orders == ["half-close"])
      peer.send(get())
      #expect(peer.replies() == [], "after `Connection: close` nothing is processed")
    }
  }

  @Test("A malformed request after a whole one is still refused at a stop")
  func malformed() {
    let peer = Peer()
    peer.session.stop()
    peer.send(get() + "G@T\r\n")
    #expect(peer.replies() == ["200 Hello", "400 close"])
  }

  @Test("After a pause, the last read comes before the answer that may be the last one")
  func lastReadAfterPause() {
    let peer = Peer()
    peer.receive(bytes(line("GET /?delay=1s HTTP/1.1")))
    #expect(peer.session.next(&peer.buffers) == .pause(.seconds(1)))
    peer.session.stop()
    #expect(peer.session.next(&peer.buffers) == .read(until: Peer.start))
    peer.send(get())
    #expect(peer.replies() == ["200 Hello", "200 close Hello"])
  }

  @Test("Messages that arrived before the stop are answered, then 1001 is sent")
  func lastMessages() {
    let peer = Peer()
    peer.send(upgrade("/ws"))
    _ = peer.replies()
    peer.session.stop()
    #expect(peer.session.next(&peer.buffers) == .read(until: Peer.start))
    peer.send(frame(.text, "a") + frame(.text, "broadcast") + frame(.text, "b") + [0x81])
    #expect(
      peer.replies() == ["text Echo: a", "text Hello from client 7", "text Echo: b", "close 1001"])
  }

  /// Bytes that arrive at the same moment as the deadline hide it from a driver that looks for
  /// bytes first.
  @Test(
    "No flood of bytes moves the deadline of a closing connection",
    arguments: [frame(.ping, "x"), frame(.text, "x"), [0x89]])
  func endlessPings(_ flood: [UInt8]) {
    let peer = Peer()
    peer.send(upgrade("/echo"))
    peer.stop()
    for millisecond in 1...2000 where !peer.hasFinished {
      peer.buffers.now = peer.buffers.now + .milliseconds(1)
      peer.send(flood)
      #expect(peer.hasFinished == (millisecond == 2000))
    }
    #expect(peer.hasFinished)
  }

  @Test("No flood of bytes moves the deadline of a connection that is being drained")
  func endlessRequests() {
    let peer = Peer()
    peer.send("GET /\r\n")
    peer.buffers.now = peer.buffers.now + .milliseconds(1999)
    peer.send(get())
    #expect(!peer.hasFinished)
    peer.buffers.now = peer.buffers.now + .milliseconds(1)
    peer.send(get())
    #expect(peer.hasFinished)
  }

  @Test("After a Close frame only pongs follow, whatever is sent to this client")
  func nothingAfterClose() {
    let peer = Peer()
    peer.send(upgrade("/ws"))
    peer.stop()
    _ = peer.replies()
    peer.session.enqueue(FrameEncoder.text("from another client"))
    peer.session.noClient(3)
    peer.send(frame(.text, "whoami") + frame(.ping, "p"))
    #expect(peer.replies() == ["pong p"])
  }

  @Test(
    "A WebSocket is closed with 1001 and has two seconds to answer", arguments: ["/echo", "/ws"])
  func webSocket(_ path: String) {
    let peer = Peer()
    peer.send(upgrade(path))
    _ = peer.replies()
    peer.stop()
    #expect(peer.replies() == ["close 1001"])
    #expect(peer.patience == .seconds(2))
    peer.wait(.seconds(1))
    peer.send(frame(.ping, "late"))
    #expect(peer.patience == .seconds(1), "a closing peer gets no more time")
    peer.send(closeFrame(1001))
    #expect(peer.replies().filter { $0.hasPrefix("close") } == [], "one close frame is enough")
    #expect(peer.hasFinished)
  }

  @Test("A WebSocket that does not answer the close frame is disconnected")
  func deafWebSocket() {
    let peer = Peer()
    peer.send(upgrade("/echo"))
    peer.stop()
    peer.wait(.seconds(2))
    #expect(peer.replies() == ["101 Upgrade \(accept)", "close 1001"])
    #expect(peer.orders == ["finish"])
  }

  @Test(
    "Messages that cross the close frame are not answered, and a protocol error sends no second one"
  )
  func crossing() {
    let peer = Peer()
    peer.send(upgrade("/ws"))
    _ = peer.replies()
    peer.stop()
    #expect(peer.replies() == ["close 1001"])
    peer.send(frame(.text, "whoami") + frame(.text, "broadcast") + frame(.text, "hi"))
    peer.session.enqueue(FrameEncoder.text("from another client"))
    peer.send([0xFF, 0xFF])
    #expect(peer.replies() == [])
    #expect(peer.orders == ["join", "half-close"])
  }

  @Test("A stop within a message still sends 1001")
  func halfMessage() {
    let peer = Peer()
    peer.send(bytes(upgrade("/echo")) + frame(.text, "a", isFinal: false) + [0x80])
    peer.stop()
    #expect(peer.replies().last == "close 1001")
  }

  @Test("An upgrade after the stop is accepted and closed at once")
  func upgradeAfterStop() {
    let peer = Peer()
    peer.send("GET")
    peer.stop()
    peer.send(String(upgrade("/ws").dropFirst(3)))
    #expect(peer.replies() == ["101 Upgrade \(accept)", "close 1001"])
    #expect(peer.orders == ["join"])
  }
}
