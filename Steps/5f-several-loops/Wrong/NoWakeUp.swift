// expect: A connects, but is not served
// file: Inbox.swift
import CLinux
import Glibc
import Synchronization

/// The tasks that other threads leave for a loop: the only part of a loop that they can reach.
final class Inbox: Sendable {
  typealias Message = @Sendable (inout EventLoop) -> Void

  private let messages = Mutex<[Message]>([])
  /// Becomes readable when a message arrives, which wakes the loop.
  let wakeUp = eventfd(0, Int32(EFD_NONBLOCK))

  /// Leaves a message, from any thread. Messages from one sender are carried out in order.
  func post(_ message: @escaping Message) {
    messages.withLock { $0.append(message) }
  }

  func takeAll() -> [Message] {
    messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
