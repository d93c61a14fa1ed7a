/// When a request began and how long its parts took, in nanoseconds: what a picture needs of it.
struct RequestBar {
  /// Since the run began.
  let start: UInt64
  let connect: UInt64
  let wait: UInt64
  let total: UInt64

  var end: UInt64 { start + total }
}
