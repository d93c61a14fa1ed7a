// expect: only the first bytes are the client's
import Kit

struct RequestReader {
  let socket: ScriptedSocket

  mutating func next() -> [UInt8]? {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64)
    while request.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
      if socket.read(into: &buffer) == 0 { return nil }
      request += buffer
    }
    return request
  }
}
