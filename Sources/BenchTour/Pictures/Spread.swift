/// Moves labels apart, keeping their order and moving them as little as possible, until they are at
/// least `distance` from each other.
/// - Parameter places: the preferred position of each label.
func spread(_ places: [Double], distance: Double, within limits: ClosedRange<Double>) -> [Double] {
  var result = places
  let order = places.indices.sorted { places[$0] < places[$1] }
  for (above, below) in zip(order, order.dropFirst()) {
    result[below] = max(result[below], result[above] + distance)
  }
  // A label that was pushed out at the bottom pushes back.
  var bottom = limits.upperBound
  for index in order.reversed() {
    result[index] = min(result[index], bottom)
    bottom = result[index] - distance
  }
  return result
}
