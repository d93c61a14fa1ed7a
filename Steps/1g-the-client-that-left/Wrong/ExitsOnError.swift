// expect: A left in the middle of its response, and B receives no response
// file: BlockingIO.swift
import Glibc

/// Sends every byte. Returns false if the client is gone.
func sendAll(_ bytes: [UInt8], to client: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes {
      send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count == -1 && errno == EINTR { continue }
    if count == -1 { fatalError("cannot send") }
    rest = rest.dropFirst(count)
  }
  return true
}
