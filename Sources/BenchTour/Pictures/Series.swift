/// One server or run in a picture: its name, and its look in the ``Theme``.
struct Series: Equatable {
  let name: String
  let look: Int

  /// The five servers look the same in every picture; the look of anything else depends on its
  /// position.
  init(_ name: String, position: Int) {
    self.name = name
    let chapter = name.hasPrefix("0") ? Int(name.prefix(2)) : nil
    look = ((chapter ?? position + 1) - 1) % Theme.count
  }

  /// As much of the name as fits next to a curve.
  var shortName: String { name.count > 14 ? name.prefix(13) + "…" : name }
}
