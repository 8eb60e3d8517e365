# Every block of every manual, run as it is printed, with installed programs, on a server with a licence.

load ../helper
load ../paste

@test "every block of every manual runs as printed, once installed, and with a licence" {
	start_world --premium
	every_manual installed
}
