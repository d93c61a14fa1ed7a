import Testing

/// What is special about chapter 5: thousands of clients, topics, slow readers, and three
/// registries that behave alike. The tests run one after the other: together they would need more
/// descriptors than a process may have.
@Suite(.serialized) struct WebSocketTests {
  static let registries = Chapter.allCases.filter(\.hasTopics)
}
