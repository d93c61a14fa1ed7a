import Kit

/// Serves one client, from its first request to its last.
///
/// Requirements: answer requests in the order in which they arrived, each one before you ask for
/// the next. After `Connection: close`, or when the client is done, close the connection and read
/// nothing more.
func serve(_ client: Client) {
  // Write this. The tools: client.next(), request.path, request.wantsClose,
  // client.send(Reply.hello), client.hangUp().
}
