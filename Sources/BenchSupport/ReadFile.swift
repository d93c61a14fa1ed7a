import Common
import Glibc

/// All bytes of a file (open(2), read(2)); files of /proc do not know their size, so it reads to
/// the end.
package func readFile(_ path: String) throws(SystemError) -> [UInt8] {
  let descriptor = Descriptor(owning: try check("open") { open(path, O_RDONLY | O_CLOEXEC) })
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 64 * 1024)
  while true {
    let count = try check("read") { read(descriptor.number, &chunk, chunk.count) }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}
