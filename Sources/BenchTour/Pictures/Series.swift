/// One server or one run in a picture: its name, and which of the ``Theme``'s looks it has.
struct Series: Equatable {
  let name: String
  let look: Int

  /// The five servers look the same in every picture; anything else looks like its place in the
  /// order.
  init(_ name: String, position: Int) {
    self.name = name
    let chapter = name.hasPrefix("0") ? Int(name.prefix(2)) : nil
    look = ((chapter ?? position + 1) - 1) % Theme.count
  }

  /// As much of the name as fits next to a curve.
  var shortName: String { name.count > 14 ? name.prefix(13) + "…" : name }
}
