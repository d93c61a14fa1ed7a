// expect: A says 'subscribe', which is not a command, but it is not echoed
// file: Session+Topics.swift
extension Session {
  /// `subscribe news`, `unsubscribe news`, `publish news It rains`. Returns false for anything
  /// else.
  mutating func takeTopicCommand(_ words: [Substring]) -> Bool {
    // Limits the memory that a client can take up: 64 names of 128 bytes.
    guard ["subscribe", "unsubscribe", "publish"].contains(words[0]) else { return false }
    if words.count > 1 && words[1].utf8.count > 128 { return false }
    let topic = String(words[1])
    switch words[0] {
    case "subscribe":
      if topics.count < 64 || topics.contains(topic) {
        topics.insert(topic)
        command = .subscribe(topic)
      } else {
        output += Frame.encode(.text, "Too many topics".utf8)
      }
    case "unsubscribe":
      topics.remove(topic)
      command = .unsubscribe(topic)
    case "publish":
      let text = "From client \(id) to \(topic): \(words[2])"
      command = .publish(Frame.encode(.text, text.utf8), to: topic)
    default: return false
    }
    return true
  }
}
