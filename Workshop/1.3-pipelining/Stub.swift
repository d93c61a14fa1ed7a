import Kit

/// Serves one client, from its first request to its last.
///
/// What must hold: requests are answered in the order in which they arrived, each before the next
/// one is asked for. After `Connection: close`, or when the client is done, the connection is
/// closed and nothing more is read.
func serve(_ client: Client) {
  // Write this. The tools: client.next(), request.path, request.wantsClose,
  // client.send(Reply.hello), client.hangUp().
}
