// expect: hangUp() was called twice
import Kit

func serve(_ client: Client) {
  while let request = client.next() {
    client.send(request.path == "/" ? Reply.hello : Reply.notFound)
    if request.wantsClose {
      client.hangUp()
      break
    }
  }
  client.hangUp()
}
