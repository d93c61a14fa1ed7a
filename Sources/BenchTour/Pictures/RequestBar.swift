/// When a request started and how long its parts took, in nanoseconds, as far as a picture needs
/// it.
struct RequestBar {
  /// Since the start of the run.
  let start: UInt64
  let connect: UInt64
  let wait: UInt64
  let total: UInt64

  var end: UInt64 { start + total }
}
