import BenchSupport
import Common
import FoundationEssentials

/// A file that can be drawn. Its content tells which kind it is.
enum PictureFile {
  case run(RunFile, samples: [RequestBar])
  case trace([Lanes.Lane])
  case tour(TourRecord)

  /// The members that distinguish one kind from another.
  private struct Kind: Decodable {
    struct Anything: Decodable {}
    let requestsNs: Anything?
    let traceEvents: Anything?
    let servers: Anything?
  }

  private static let unknown = "neither a run or a tour that --json wrote, nor a trace"

  /// Throws one line that names the file.
  init(_ path: String) throws(PlotError) {
    do {
      let data = Data(try readFile(path))
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let kind = try decoder.decode(Kind.self, from: data)
      if kind.traceEvents != nil {
        self = .trace(try decoder.decode(TraceFile.self, from: data).lanes)
      } else if kind.requestsNs != nil {
        let run = try decoder.decode(RunFile.self, from: data)
        let samples = try run.samples
        if samples.isEmpty { throw PlotError("there are no requests in it") }
        self = .run(run, samples: samples)
      } else if kind.servers != nil {
        self = .tour(try decoder.decode(TourRecord.self, from: data))
      } else {
        throw PlotError(Self.unknown)
      }
    } catch let error as DecodingError {
      throw PlotError("\(path): \(Self.reason(error))")
    } catch {
      throw PlotError("\(path): \(error)")
    }
  }

  /// Says which member is not as it should be.
  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context) where context.codingPath.isEmpty: unknown
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type or value"
    default: "not valid JSON"
    }
  }
}
