// expect: One read is not one request
import Kit

struct RequestReader {
  let socket: ScriptedSocket

  init(_ socket: ScriptedSocket) { self.socket = socket }

  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    return count == 0 ? nil : Array(buffer[..<count])
  }
}
