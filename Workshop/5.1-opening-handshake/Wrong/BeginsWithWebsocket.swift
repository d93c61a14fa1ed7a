// expect: whose name only starts or ends the same way
import Kit

struct Response {
  var status: Int
  var fields: [String: String] = [:]
}

let fixedText = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

func answer(_ fields: [String: String]) -> Response {
  let upgrade = fields["upgrade", default: ""].lowercased()
  let connection = fields["connection", default: ""].lowercased()
    .split { $0 == "," || $0 == " " }
  guard upgrade.hasPrefix("websocket"), connection.contains("upgrade") else {
    return Response(status: 426, fields: ["Upgrade": "websocket"])
  }
  guard fields["sec-websocket-version"] == "13" else {
    return Response(
      status: 426, fields: ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"])
  }
  let key = fields["sec-websocket-key", default: ""]
  guard decodedBase64(key)?.count == 16 else { return Response(status: 400) }
  let accept = base64(sha1(Array((key + fixedText).utf8)))
  return Response(
    status: 101,
    fields: ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept])
}
