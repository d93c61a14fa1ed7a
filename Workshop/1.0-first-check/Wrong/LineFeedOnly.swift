// expect: the status line ends with just \n
func response() -> String {
  "HTTP/1.1 200 OK\nContent-Length: 5\n\nHello"
}
