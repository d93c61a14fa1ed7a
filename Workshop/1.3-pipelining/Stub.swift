import Kit

/// Serves one client, from its first request to its last.
///
/// What must hold: each request gets its answer, in the order in which they came, before the next one is asked for; after
/// `Connection: close`, or when the client is done, the connection is closed, and nothing more is read.
func serve(_ client: Client) {
  // Yours to write. The tools: client.next(), request.path, request.wantsClose, client.send(Reply.hello), client.hangUp().
}
