// diagnostic: stored property 'connection' of 'Sendable'-conforming struct 'ConnectionRef' contains
// file: MutexRegistry.swift
import Synchronization

/// The clients of `/ws`, on all loops: a mutex around a dictionary.
final class MutexRegistry: Sendable {
  private struct State {
    var clients: [Int: ConnectionRef] = [:]
    var lastID = 0
  }

  private let state = Mutex(State())

  /// Assigns a number. The counter is behind the same mutex as the dictionary.
  func add(_ client: ConnectionRef) -> Int {
    state.withLock { state in
      state.lastID += 1
      state.clients[state.lastID] = client
      return state.lastID
    }
  }

  func remove(_ id: Int) { state.withLock { $0.clients[id] = nil } }

  func find(_ id: Int) -> ConnectionRef? { state.withLock { $0.clients[id] } }

  /// A copy, so that the frames are delivered without the mutex.
  var all: [ConnectionRef] { state.withLock { Array($0.clients.values) } }
}

/// Names a client for loops that do not own it.
struct ConnectionRef: Sendable {
  let inbox: Inbox
  let token: Token
  /// So that another loop can write to it directly.
  var connection: Connection?
}
