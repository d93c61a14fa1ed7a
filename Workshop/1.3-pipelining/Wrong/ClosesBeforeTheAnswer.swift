// expect: The server closed the connection without answering this request
import Kit

func serve(_ client: Client) {
  while let request = client.next(), !request.wantsClose {
    client.send(request.path == "/" ? Reply.hello : Reply.notFound)
  }
  client.hangUp()
}
