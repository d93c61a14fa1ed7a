import Kit

/// Serves one client, from its first request to its last.
func serve(_ client: Client) {
  while let request = client.next() {
    client.send(request.path == "/" ? Reply.hello : Reply.notFound)
    if request.wantsClose { break }
  }
  client.hangUp()
}
