// expect: next() returned a request without its final \r\n\r\n
import Kit

struct RequestReader {
  let socket: ScriptedSocket
  var data: [UInt8] = []
  init(_ socket: ScriptedSocket) { self.socket = socket }
  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let r = data.firstRange(of: [13, 10, 13, 10]) {
        let request = Array(data[..<r.lowerBound])
        data = Array(data[r.upperBound...])
        return request
      }
      let count = socket.read(into: &buffer)
      if count == 0 { return nil }
      data += buffer[0..<count]
    }
  }
}
