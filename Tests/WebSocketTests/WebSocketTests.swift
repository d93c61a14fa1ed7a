import Testing

/// One after the other: together they would need more descriptors than a process may have.
@Suite(.serialized) struct WebSocketTests {}
