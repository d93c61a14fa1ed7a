// expect: A connects, and is not served
// file: Inbox.swift
import CLinux
import Glibc
import Synchronization

/// What other threads want a loop to do: the only part of a loop that they can reach.
final class Inbox: Sendable {
  typealias Message = @Sendable (inout EventLoop) -> Void

  private let messages = Mutex<[Message]>([])
  /// What a new message wakes the loop with.
  let wakeUp = eventfd(0, Int32(EFD_NONBLOCK))

  /// Leaves a message, from any thread. Those of one sender are carried out in their order.
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
