import Glibc

/// Sends every byte. Returns false if the client is gone.
func sendAll(_ bytes: [UInt8], to client: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, 0) }
    if count == -1 && errno == EINTR { continue }
    if count == -1 { return false }
    rest = rest.dropFirst(count)
  }
  return true
}
