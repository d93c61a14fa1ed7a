import CLinux
import Common
import Glibc

/// A client's connection as the fault server sees it: blocking, used by one thread, closed when
/// that thread releases it.
///
/// `@unchecked Sendable`: the accepting thread hands it to its own thread and forgets it.
final class FaultConnection: @unchecked Sendable {
  private let socket: Socket
  private var pending: [UInt8] = []

  init(_ socket: consuming Socket) { self.socket = socket }

  /// Reads the next request, head and body, or returns `nil` if the client hung up.
  func readRequest() -> String? {
    while true {
      if let length = completeLength() {
        defer { pending.removeFirst(length) }
        return String(decoding: pending[..<length], as: UTF8.self)
      }
      guard receiveMore() else { return nil }
    }
  }

  /// Reads this many bytes, or returns `nil` if the client hung up.
  func read(_ count: Int) -> [UInt8]? {
    while pending.count < count {
      guard receiveMore() else { return nil }
    }
    defer { pending.removeFirst(count) }
    return Array(pending[..<count])
  }

  private func receiveMore() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    let count = chunk.withUnsafeMutableBytes { try? socket.receive(into: $0) } ?? 0
    guard count > 0 else { return false }
    pending += chunk[..<count]
    return true
  }

  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        try? socket.send(UnsafeRawBufferPointer(rebasing: all[sent...]))
      }
      guard let count else { return false }
      sent += count
    }
    return true
  }

  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      socket.descriptor.number, SOL_SOCKET, SO_LINGER, &option,
      socklen_t(MemoryLayout<linger>.size))
  }

  private func completeLength() -> Int? {
    guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: pending[..<end.lowerBound], as: UTF8.self)
    let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
    let body = field.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
    return pending.count >= end.upperBound + body ? end.upperBound + body : nil
  }
}
