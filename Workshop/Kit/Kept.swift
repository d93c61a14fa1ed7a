/// How many elements a value keeps in its arrays, dictionaries and sets, those of structs inside it
/// as well: what grows with every client that has ever been there is a leak, whatever it is called.
public func keptElements(in value: Any) -> Int {
  Mirror(reflecting: value).children.reduce(0) { $0 + elements($1.value) }
}

/// Does not look into objects: they may belong to others, too.
private func elements(_ value: Any) -> Int {
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .collection, .dictionary, .set: return mirror.children.count
  case .struct, .tuple, .optional: return keptElements(in: value)
  default: return 0
  }
}
