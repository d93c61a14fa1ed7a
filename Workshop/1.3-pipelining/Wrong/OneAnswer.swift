// expect: A connection is not a request
import Kit

func serve(_ client: Client) {
  if let request = client.next() {
    client.send(request.path == "/" ? Reply.hello : Reply.notFound)
  }
  client.hangUp()
}
