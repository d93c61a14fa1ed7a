// expect: Both ways out of the loop
import Kit

func serve(_ client: Client) {
  while let request = client.next() {
    client.send(request.path == "/" ? Reply.hello : Reply.notFound)
    if request.wantsClose { return }
  }
  client.hangUp()
}
