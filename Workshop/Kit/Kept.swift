/// Returns how many elements a value keeps in its arrays, dictionaries, and sets, including those
/// of nested structs. If that number grows with every client that ever connected, it is a leak,
/// whatever the collection is called.
public func keptElements(in value: Any) -> Int {
  Mirror(reflecting: value).children.reduce(0) { $0 + elements($1.value) }
}

/// Does not look into objects, because they may be shared.
private func elements(_ value: Any) -> Int {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .collection, .dictionary, .set: return mirror.children.count
  case .struct, .tuple, .optional: return keptElements(in: value)
  default: return 0
  }
}
