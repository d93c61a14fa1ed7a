import BenchSupport

/// The times of all answered requests, in ab's four rows, and two more for a load with a rate.
struct RequestTimes: Sendable {
  let connect: Distribution
  let processing: Distribution
  let waiting: Distribution
  /// From the start to the last byte: with a rate, the service time.
  let total: Distribution
  /// From when it was due to the start.
  let late: Distribution
  /// From when it was due to the last byte.
  let response: Distribution

  init(_ samples: [Sample]) {
    connect = Distribution(samples.map(\.connect))
    processing = Distribution(samples.map(\.processing))
    waiting = Distribution(samples.map(\.wait))
    total = Distribution(samples.map(\.total))
    late = Distribution(samples.map(\.late))
    response = Distribution(samples.map(\.response))
  }

  init(_ counted: CountedTimes) {
    connect = Distribution(counted.connect)
    processing = Distribution(counted.processing)
    waiting = Distribution(counted.waiting)
    total = Distribution(counted.total)
    late = Distribution(counted.late)
    response = Distribution(counted.response)
  }
}

/// The same while they are being counted.
struct CountedTimes: Sendable {
  private(set) var connect = Histogram()
  private(set) var processing = Histogram()
  private(set) var waiting = Histogram()
  private(set) var total = Histogram()
  private(set) var late = Histogram()
  private(set) var response = Histogram()

  mutating func record(_ sample: Sample) {
    connect.record(sample.connect)
    processing.record(sample.processing)
    waiting.record(sample.wait)
    total.record(sample.total)
    late.record(sample.late)
    response.record(sample.response)
  }
}
