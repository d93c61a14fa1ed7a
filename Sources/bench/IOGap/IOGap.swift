import BenchSupport
import CLinux
import Common
import Glibc

/// `bench io-gap`: how much a CPU could compute in the time that one wait takes.
///
/// The articles time an addition (13.5 ns, in a debug build) and compare it with a wait of 20 µs:
/// 1,481 additions. Here both are measured on this machine: the addition, and a byte's way to
/// another thread and back over loopback.
struct IOGap {
  /// Nanoseconds; the addition is called as a function, as in a debug build, so that the optimizer
  /// does not remove it.
  let addition: Double
  /// Nanoseconds, the median.
  let roundTrip: Double

  init() throws {
    addition = Self.timeAddition()
    roundTrip = try Self.timeRoundTrip()
  }

  var report: String {
    """
    One addition:                    \(fixed(addition, 2)) ns
    A byte over loopback and back:   \(fixed(roundTrip / 1000, 2)) us
    Additions in one such wait:      \(Int(roundTrip / addition))
    Additions in a wait of 20 us:    \(Int(20_000 / addition))
    """
  }

  private static func timeAddition(count: Int = 50_000_000) -> Double {
    var sum: UInt64 = 0
    let begin = Instant.now
    for _ in 0..<count { sum = add(sum, 1) }
    return Double((Instant.now - begin).nanoseconds) / Double(count)
  }

  private static func timeRoundTrip(count: Int = 20_000) throws -> Double {
    let listener = try Listener(host: "127.0.0.1", port: 0)
    let client = try connect(to: listener.address)
    guard let server = try listener.accept() else { return 0 }
    try spawnThread(named: "echo", echo(Peer(server)))
    var byte: [UInt8] = [0]
    var times: [UInt64] = []
    for _ in 0..<count {
      let begin = Instant.now
      try client.sendAll(byte)
      _ = try client.receive(into: &byte)
      times.append((Instant.now - begin).nanoseconds)
    }
    return Double(times.sorted()[count / 2])
  }

  private static func connect(to address: SocketAddress) throws(SystemError) -> Socket {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let client = Socket(Descriptor(owning: try check("socket") { socket(address.family, type, 0) }))
    var address = address
    try check("connect") {
      address.withMutablePointer { Glibc.connect(client.descriptor.number, $0, $1.pointee) }
    }
    return client
  }

  private final class Peer: Sendable {
    let socket: Socket
    init(_ socket: consuming Socket) { self.socket = socket }
  }

  /// Sends every byte back until the other side closes.
  private static func echo(_ peer: Peer) -> @Sendable () -> Void {
    {
      var byte: [UInt8] = [0]
      while let count = try? peer.socket.receive(into: &byte), count > 0 {
        guard (try? peer.socket.sendAll(byte)) != nil else { return }
      }
    }
  }
}
