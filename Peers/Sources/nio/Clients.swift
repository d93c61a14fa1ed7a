import NIOCore
import NIOWebSocket
import Synchronization

/// All clients of `/ws`, on all event loops.
final class Clients: Sendable {
  private let state = Mutex((channels: [Int: any Channel](), last: 0))

  func add(_ channel: any Channel) -> Int {
    state.withLock { state in
      state.last += 1
      state.channels[state.last] = channel
      return state.last
    }
  }

  func remove(_ number: Int) {
    state.withLock { state in _ = state.channels.removeValue(forKey: number) }
  }

  func send(_ frame: WebSocketFrame) {
    for channel in state.withLock({ $0.channels }).values {
      channel.writeAndFlush(frame, promise: nil)
    }
  }
}
