/// The first line of every report and of `--help`, and all of `--version`.
package let version = "bench 1.0, the measuring tool of Five Ways to Wait"
