// expect: Which answer to send depends on the path alone
import Kit

func serve(_ client: Client) {
  while let request = client.next() {
    client.send(request.path == "/" || request.wantsClose ? Reply.hello : Reply.notFound)
    if request.wantsClose { break }
  }
  client.hangUp()
}
