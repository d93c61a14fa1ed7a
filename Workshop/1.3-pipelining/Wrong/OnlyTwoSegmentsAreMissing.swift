// expect: Answer only the path / with Hello
import Kit

func serve(_ client: Client) {
  while let request = client.next() {
    client.send(request.path.split(separator: "/").count < 2 ? Reply.hello : Reply.notFound)
    if request.wantsClose { break }
  }
  client.hangUp()
}
