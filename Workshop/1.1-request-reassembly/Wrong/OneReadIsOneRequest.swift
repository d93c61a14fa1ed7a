// expect: One read is not one request
import Kit

struct RequestReader {
  let socket: ScriptedSocket

  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = socket.read(into: &buffer)
    return count == 0 ? nil : Array(buffer[..<count])
  }
}
