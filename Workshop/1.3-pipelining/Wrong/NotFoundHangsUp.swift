// expect: but it's no reason to close the connection
import Kit

func serve(_ client: Client) {
  while let request = client.next() {
    client.send(request.path == "/" ? Reply.hello : Reply.notFound)
    if request.wantsClose || request.path != "/" { break }
  }
  client.hangUp()
}
