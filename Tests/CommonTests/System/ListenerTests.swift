import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

private func hasIPv6() -> Bool { (try? Listener(host: "::1", port: 0).address.port) != nil }

@Suite(.timeLimit(.minutes(5))) struct ListenerTests {
  private static func exchange(_ listener: borrowing Listener) throws {
    let client = try Socket(connectedTo: listener.address)
    let server = try listener.acceptOne()
    try server.sendAll(bytes("from the server"))
    #expect(try client.receiveText() == "from the server")
    let nodelay = server.option(Int32(IPPROTO_TCP), TCP_NODELAY)
    #expect(nodelay == 1, "inherited")
    #expect(fcntl(server.descriptor.number, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(server.descriptor.number, F_GETFL) & O_NONBLOCK == 0)
  }

  @Test("Port 0 becomes a free IPv4 port, which the address names")
  func ipv4() throws {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let address = listener.address
    #expect(address.port != 0)
    #expect(address.family == AF_INET)
    #expect(address.description == "127.0.0.1:\(address.port)")
    let reuse = listener.descriptor.option(SOL_SOCKET, SO_REUSEADDR)
    #expect(reuse == 1, "a restart does not have to wait")
    try Self.exchange(listener)
  }

  @Test("The same on IPv6, in brackets", .enabled(if: hasIPv6()))
  func ipv6() throws {
    let listener = try Listener(host: "::1", port: 0)
    let address = listener.address
    #expect(address.port != 0)
    #expect(address.family == AF_INET6)
    #expect(address.description == "[::1]:\(address.port)")
    try Self.exchange(listener)
  }

  private static func failure(_ host: String, _ port: UInt16) -> String? {
    do {
      _ = try Listener(host: host, port: port)
      return nil
    } catch { return error.description }
  }

  @Test("A port in use is reported in one line")
  func portInUse() throws {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let port = listener.address.port
    #expect(
      Self.failure("127.0.0.1", port)
        == "cannot listen on 127.0.0.1 port \(port): bind: Address already in use")
  }

  @Test("Another machine's address, and an unknown host, are reported in one line")
  func badHosts() {
    #expect(
      Self.failure("192.0.2.1", 0)
        == "cannot listen on 192.0.2.1 port 0: bind: Cannot assign requested address")
    // Longer than a name can be, so that no name server is asked for it.
    let host = String(repeating: "a", count: 300)
    #expect(Self.failure(host, 0)?.hasPrefix("cannot resolve \(host): ") == true)
  }

  @Test(
    "A listener does not block if no client is there; its clients block unless they are told not to"
  )
  func nonBlocking() throws {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let nobody = try listener.accept(nonBlocking: true) == nil
    #expect(nobody)
    let client = try Socket(connectedTo: listener.address)
    let server = try listener.acceptOne(nonBlocking: true)
    #expect(try server.receiveText() == nil)
    _ = try client.send("hi")
  }

  @Test("A stop ends the wait for clients, even one that already blocks")
  func stopWakesAccept() throws {
    let stop = try StopSignal()
    let acceptor = try Background {
      let listener = try Listener(host: "127.0.0.1", port: 0)
      return try listener.acceptsBeforeStop(stop)
    }
    acceptor.waitUntilBlocked()
    stop.request()
    #expect(try !acceptor.value())
  }

  @Test("After a stop no client is accepted from the backlog")
  func stopFirst() throws {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let stop = try StopSignal()
    stop.request()
    let client = try Socket(connectedTo: listener.address)
    #expect(try !listener.acceptsBeforeStop(stop))
    client.shutdown()
  }

  @Test("Sending to a peer that never reads is given up")
  func sendTimeout() throws {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    try listener.setSendTimeout(.milliseconds(20))
    let client = try Socket(connectedTo: listener.address)
    let server = try listener.acceptOne()
    let tooMuch = [UInt8](repeating: 1, count: 64 << 20)
    #expect(throws: SystemError(call: "send", code: ETIMEDOUT)) {
      try server.sendAll(tooMuch, timeout: .milliseconds(20))
    }
    client.shutdown()
  }

  @Test("With fewer descriptors than a server needs, opening a listener fails with one line")
  func tooFewDescriptors() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 12, rlim_max: 12)
      guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(1) }
      do { _ = try Listener(host: "127.0.0.1", port: 0) } catch {
        exit("\(error)".contains("\n") ? 2 : 0)
      }
      exit(3)
    }
  }
}
