// expect: Each is waiting for the other
import Kit

func serve(_ client: Client) {
  var requests: [Request] = []
  while let request = client.next() {
    requests.append(request)
    if request.wantsClose { break }
  }
  for request in requests { client.send(request.path == "/" ? Reply.hello : Reply.notFound) }
  client.hangUp()
}
